package com.example.desk;

import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.RestTemplate;

@RestController
public class Contacts {
    @GetMapping("/agents")
    public String agents(@RequestHeader("X-Token") final String token) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Zoho-authtoken " + token);
        return new RestTemplate().exchange("https://desk.zoho.com/api/v1/agents", HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
    }

    @GetMapping("/contacts")
    public String contacts(@RequestParam("token") String token) {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Zoho-authtoken " + token);
        return new RestTemplate().exchange("https://desk.zoho.com/api/v1/contacts", HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
    }
}
