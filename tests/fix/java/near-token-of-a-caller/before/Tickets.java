package com.example.desk;

import java.io.IOException;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.web.client.RestTemplate;

public class Tickets extends HttpServlet {
    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response) throws IOException {
        HttpHeaders headers = new HttpHeaders();
        headers.set("Authorization", "Zoho-authtoken " + request.getParameter("authtoken"));
        String body = new RestTemplate().exchange("https://desk.zoho.com/api/v1/tickets", HttpMethod.GET, new HttpEntity<>(headers), String.class).getBody();
        response.getWriter().write(body);
    }
}
